/*
 * no_locks.h: included before all else, takes the locks of threads away.
 * Whoever looks for races must find them then.
 */

#include <pthread.h>

#define pthread_mutex_lock(mutex)    ((void) (mutex))
#define pthread_mutex_unlock(mutex)  ((void) (mutex))
