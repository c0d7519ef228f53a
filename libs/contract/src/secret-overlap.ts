/** The longest time, in seconds, that secrets go on beside those that replace them: seven days. */
export const MAX_OVERLAP_SECONDS = 604_800;
