/** Puts a body that was written for another service's API into the form of the DTO. What it does not know it leaves as it is. */
export type ReadOtherForm = (body: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** What a DTO class may have: the other forms that it is taken in. */
export interface TakesOtherForms {
  otherForm?: ReadOtherForm;
}

/** A field by another name, unless its own is there too. */
export function alsoNamed(name: string, other: string): ReadOtherForm {
  return (body) => {
    if (!(other in body) || name in body) return body;
    const { [other]: value, ...rest } = body;
    return { ...rest, [name]: value };
  };
}

/** The fields of an object at the top level, unless the object is there. */
export function alsoFlat(name: string, fields: readonly string[]): ReadOtherForm {
  return (body) => {
    if (name in body || !fields.some((field) => field in body)) return body;
    const isOfIt = ([field]: [string, unknown]) => fields.includes(field);
    const entries = Object.entries(body);
    return {
      ...Object.fromEntries(entries.filter((entry) => !isOfIt(entry))),
      [name]: Object.fromEntries(entries.filter(isOfIt)),
    };
  };
}

/** The same within a field that is an object. */
export function within(name: string, read: ReadOtherForm): ReadOtherForm {
  return (body) => {
    const value = body[name];
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...body, [name]: read(value as Record<string, unknown>) }
      : body;
  };
}
