/*
 * cm - cmocka with the headers that it asks for before it.
 */
#ifndef ORTHRUS_TESTS_CM_H
#define ORTHRUS_TESTS_CM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
