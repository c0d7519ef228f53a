import type { Schema } from './document-types';

export const text: Schema = { type: 'string' };
export const textOrNull: Schema = { type: ['string', 'null'] };
export const time: Schema = { type: 'string', format: 'date-time' };
export const timeOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
export const integer: Schema = { type: 'integer' };
export const integerOrNull: Schema = { type: ['integer', 'null'] };
export const yesOrNo: Schema = { type: 'boolean' };
export const texts: Schema = { type: 'array', items: text };
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object whose every key is always there; the compiler asks for each of them. */
export const whole = <Data>(properties: Record<keyof Data & string, Schema>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

/** The same with the ids of before, which only what was imported has. */
export const wholeImported = <Data extends { external_ids?: Record<string, string> }>(
  properties: Record<Exclude<keyof Data, 'external_ids'> & string, Schema>,
): Schema => {
  const schema = whole<Omit<Data, 'external_ids'>>(properties);
  return { ...schema, properties: { ...schema.properties, external_ids: externalIds } };
};

export const externalIds: Schema = {
  type: 'object',
  additionalProperties: text,
  description: 'Its ids at services that it was imported from, such as `scalekit`. Absent where there is none.',
};
