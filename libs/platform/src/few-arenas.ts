/**
 * In how many places glibc keeps the memory that a process has freed, as a variable of the process from its beginning: as many as it
 * likes are 18 MiB more, and nothing is faster for it.
 */
export const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };
