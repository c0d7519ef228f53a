/** The current time as a parameter, so that domain code is a function of it. */
export type Clock = () => Date;

/** The clock of the machine. Due times are compared with PostgreSQL's `now()`, not with this one. */
export const systemClock: Clock = () => new Date();
