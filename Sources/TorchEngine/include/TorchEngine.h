// The functions of CTorch.h over libtorch. Nobody links them: CTorch opens this library when the first one is called.
