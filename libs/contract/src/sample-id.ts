/** An id without its prefix that has the form of a real one and shows that it is none. */
export const bareSampleId = (number: number): string => `test${number}`.padStart(26, '0');

/** The same with its prefix, such as `org`. */
export const sampleId = (prefix: string, number = 1): string => `${prefix}_${bareSampleId(number)}`;
