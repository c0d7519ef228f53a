/** Directories that an overview names of those that need attention; how many there are, it says. */
export const SHOWN_DIRECTORIES = 20;
/** Mails that are shown, the newest ones. */
export const SHOWN_MAILS = 20;
