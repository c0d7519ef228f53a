/**
 * A name that is not taken: the given one, else the same with the first number from 2 on that makes it free.
 * @param name what it would be called if it were alone
 * @param taken the names that there are, compared as they are shown: without regard to case and surrounding space
 */
export function freeName(name: string, taken: Iterable<string>): string {
  const present = new Set(Array.from(taken, fold));
  let free = name;
  for (let number = 2; present.has(fold(free)); number++) free = `${name} ${number}`;
  return free;
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}
