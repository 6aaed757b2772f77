/// What RS4 needs of the system itself, in plain C types: signals, locks of files, the heap; and hashes (xxhash).
///
/// Nothing here prints or ends the process, but for the words that a held Ctrl-C is answered with.
#pragma once
#include "CBaseHash.h"
#include "CBaseLock.h"
#include "CBaseMemory.h"
#include "CBaseSignals.h"
