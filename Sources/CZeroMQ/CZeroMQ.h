// Two system libraries as Jupyter's messages need them: ZeroMQ's sockets, and HMAC-SHA256 from libsodium, which ZeroMQ
// itself stands on.
#pragma once
#include <sodium/core.h>
#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/utils.h>
#include <zmq.h>
