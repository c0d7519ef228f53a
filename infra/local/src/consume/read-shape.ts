import { StartError } from '@rollcall/embedded-postgres';

/** Reads a part of a file, at a path such as `organizations[0].name`. Throws a StartError that names the path. */
export type Reader<Value> = (value: unknown, path: string) => Value;

/** A text that is not empty. */
export const text: Reader<string> = (value, path) => {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw refuse(path, 'must be a text');
};

export const flag: Reader<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw refuse(path, 'must be true or false');
};

/** An object as it is. */
export const object: Reader<Record<string, unknown>> = (value, path) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw refuse(path, 'must be an object');
};

/** One of some texts. */
export function oneOf<Choice extends string>(choices: readonly Choice[]): Reader<Choice> {
  return (value, path) => {
    const choice = choices.find((each) => each === value);
    if (choice !== undefined) return choice;
    throw refuse(path, `must be one of ${choices.join(', ')}`);
  };
}

/** A list; absent = empty. */
export function list<Value>(read: Reader<Value>): Reader<Value[]> {
  return (value, path) => {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw refuse(path, 'must be a list');
    return value.map((item, index) => read(item, `${path}[${index}]`));
  };
}

/** A list in which no two have the same text under a key: they would be one thing, brought to one state and then to the other. */
export function distinct<Key extends string, Value extends Readonly<Record<Key, string>>>(
  key: Key,
  read: Reader<Value[]>,
): Reader<Value[]> {
  return (value, path) => {
    const items = read(value, path);
    const names: string[] = items.map((item) => item[key]);
    const again = names.findIndex((name, index) => names.indexOf(name) < index);
    if (again === -1) return items;
    const name = names[again] ?? '';
    throw refuse(`${path}[${again}].${key}`, `is "${name}", as that of ${path}[${names.indexOf(name)}]`);
  };
}

/** What may be absent. */
export function optional<Value>(read: Reader<Value>): Reader<Value | undefined> {
  return (value, path) => (value === undefined || value === null ? undefined : read(value, path));
}

/** What may be absent, where null is a value of its own: that there is none. */
export function nullable<Value>(read: Reader<Value>): Reader<Value | null | undefined> {
  return (value, path) => (value === undefined || value === null ? value : read(value, path));
}

/** An object with these keys and no other. */
export function shape<Shape extends Record<string, Reader<unknown>>>(
  readers: Shape,
): Reader<{ [Key in keyof Shape]: ReturnType<Shape[Key]> }> {
  return (value, path) => {
    const given = object(value ?? {}, path);
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(readers, key));
    if (unknown !== undefined) {
      throw refuse(at(path, unknown), `is not known: there are ${Object.keys(readers).join(', ')}`);
    }
    const entries = Object.entries(readers).map(([key, read]) => [key, read(given[key], at(path, key))]);
    return Object.fromEntries(entries) as { [Key in keyof Shape]: ReturnType<Shape[Key]> };
  };
}

function at(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function refuse(path: string, what: string): StartError {
  return new StartError(`${path === '' ? 'The file' : path} ${what}.`);
}
