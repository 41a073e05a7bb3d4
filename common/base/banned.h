/*
 * banned - functions that are too easy to get wrong do not compile.
 */
#ifndef ORTHRUS_BASE_BANNED_H
#define ORTHRUS_BASE_BANNED_H

/* The headers that declare them come first, so that the poison meets only our own uses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* glibc makes macros of some under _FORTIFY_SOURCE, and a macro cannot be poisoned. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef gets

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets gmtime localtime ctime asctime \
    atoi atol

#endif
