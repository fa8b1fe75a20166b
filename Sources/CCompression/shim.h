#include <bzlib.h>
#include <zlib.h>
