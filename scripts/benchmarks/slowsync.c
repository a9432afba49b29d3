/* Makes every fsync and fdatasync take at least MANQIN_FSYNC_MS milliseconds: the same disk in every run. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int slowly(const char *name, int file) {
    const char *given = getenv("MANQIN_FSYNC_MS");
    double milliseconds = given ? atof(given) : 0;
    struct timespec pause = {(time_t)(milliseconds / 1000), (long)(milliseconds * 1e6) % 1000000000L};
    nanosleep(&pause, NULL);
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(file);
}

int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }
