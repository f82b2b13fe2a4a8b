/* Makes a disk fail, stall or fill up, a process die and a clock jump, on purpose.

   Preloaded (LD_PRELOAD) into a program under test; tests/reliability/shim.py compiles it and
   sets what it is to do:

   FAULTY_UNDER  Only files whose path begins so are touched.
   FAULTY_COUNT  At exit, the number of counted operations is written to this file.
   FAULTY_AT     Number, from 1, of the operation on which something happens.
   FAULTY_HOW    "fail": that operation gives FAULTY_ERRNO, once.
                 "gone": so do that one and all that follow.
                 "kill": the whole process group gets SIGKILL instead of the operation.
                 "torn": half of the bytes are written, then SIGKILL.
   FAULTY_SLOW   Milliseconds that every operation that waits for the disk takes longer.
   FAULTY_CLOCK  File with seconds that are added to the time of day, read anew each time.

   Counted are: write, pwrite, ftruncate, fsync, fdatasync, rename, and opens that may create. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static const char *under, *how, *count_to, *clock_from;
static long at, slow, count;
static int failure;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
    under = getenv("FAULTY_UNDER");
    how = getenv("FAULTY_HOW");
    count_to = getenv("FAULTY_COUNT");
    clock_from = getenv("FAULTY_CLOCK");
    at = number("FAULTY_AT");
    slow = number("FAULTY_SLOW");
    failure = (int)number("FAULTY_ERRNO");
}

__attribute__((destructor)) static void end(void) {
    if (!count_to || !count) return;
    FILE *file = fopen(count_to, "w");
    if (!file) return;
    fprintf(file, "%ld\n", count);
    fclose(file);
}

/* A program in a hurry leaves without its destructors, as `posecheck` does. */
void _exit(int code) {
    void (*leave)(int) = (void (*)(int))dlsym(RTLD_NEXT, "_exit");
    end();
    leave(code);
    __builtin_unreachable();
}

static int ours(const char *path) {
    return under && path && strncmp(path, under, strlen(under)) == 0;
}

static int ours_fd(int fd) {
    char link[64], path[4096];
    if (!under || fd < 3) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return ours(path);
}

/* 0: go on; 1: fail with errno set; 2: write half and die. */
static int step(int writes) {
    long now = __sync_add_and_fetch(&count, 1);
    if (!at || !how || now < at) return 0;
    if (strcmp(how, "gone") == 0 || (strcmp(how, "fail") == 0 && now == at)) {
        errno = failure;
        return 1;
    }
    if (now == at && strcmp(how, "torn") == 0 && writes) return 2;
    if (now == at && (strcmp(how, "kill") == 0 || strcmp(how, "torn") == 0)) {
        kill(0, SIGKILL);
        pause();
    }
    return 0;
}

static void stall(void) {
    struct timespec wait = {slow / 1000, slow % 1000 * 1000000};
    if (slow) nanosleep(&wait, NULL);
}

#define WRITER(name, off) \
    ssize_t name(int fd, const void *bytes, size_t length, off offset) { \
        REAL(ssize_t, #name, int, const void *, size_t, off); \
        int what = ours_fd(fd) ? step(1) : 0; \
        if (what == 1) return -1; \
        if (what == 2) { \
            real(fd, bytes, length / 2, offset); \
            kill(0, SIGKILL); \
            pause(); \
        } \
        return real(fd, bytes, length, offset); \
    }

WRITER(pwrite, off_t)
WRITER(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    int what = ours_fd(fd) ? step(1) : 0;
    if (what == 1) return -1;
    if (what == 2) {
        real(fd, bytes, length / 2);
        kill(0, SIGKILL);
        pause();
    }
    return real(fd, bytes, length);
}

#define SYNCER(name) \
    int name(int fd) { \
        REAL(int, #name, int); \
        if (ours_fd(fd)) { \
            stall(); \
            if (step(0)) return -1; \
        } \
        return real(fd); \
    }

SYNCER(fsync)
SYNCER(fdatasync)

#define TRUNCATER(name, off) \
    int name(int fd, off length) { \
        REAL(int, #name, int, off); \
        if (ours_fd(fd) && step(0)) return -1; \
        return real(fd, length); \
    }

TRUNCATER(ftruncate, off_t)
TRUNCATER(ftruncate64, off64_t)

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    if (ours(to) && step(0)) return -1;
    return real(from, to);
}

#define OPENER(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list rest; \
            va_start(rest, flags); \
            mode = va_arg(rest, mode_t); \
            va_end(rest); \
        } \
        if ((flags & O_CREAT) && ours(path) && step(0)) return -1; \
        return real(path, flags, mode); \
    }

OPENER(open)
OPENER(open64)

static long long offset(void) {
    char text[32] = "";
    int fd = openat(AT_FDCWD, clock_from, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    return length > 0 ? atoll(text) : 0;
}

int clock_gettime(clockid_t which, struct timespec *into) {
    REAL(int, "clock_gettime", clockid_t, struct timespec *);
    int done = real(which, into);
    if (!done && clock_from && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
        into->tv_sec += offset();
    return done;
}

int gettimeofday(struct timeval *into, void *zone) {
    REAL(int, "gettimeofday", struct timeval *, void *);
    int done = real(into, zone);
    if (!done && clock_from) into->tv_sec += offset();
    return done;
}

time_t time(time_t *into) {
    REAL(time_t, "time", time_t *);
    time_t now = real(NULL);
    if (clock_from) now += offset();
    if (into) *into = now;
    return now;
}
