import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { EnumListField, JsonObjectField, ObjectField, TextField } from './fields';
import { InputPipe } from './input.pipe';

class Inner {
  @TextField({ max: 10, description: 'A text.' })
  text?: string;
}

class Body {
  @TextField({ max: 10, description: 'A name.' })
  name?: string;

  @ObjectField({ type: () => Inner, description: 'An object.' })
  inner?: Inner;

  @JsonObjectField({ maxBytes: 1_000, description: 'Anything.' })
  metadata?: Record<string, unknown>;

  @EnumListField({ values: ['read', 'write'], description: 'What is allowed.' })
  scopes?: string[];
}

const read = (body: string): Promise<unknown> =>
  new InputPipe().transform(JSON.parse(body), { type: 'body', metatype: Body });

describe('a body', () => {
  it('is read into its class, free JSON as it was sent', async () => {
    const metadata = { constructor: { a: 1 }, toString: 'x', deep: { hasOwnProperty: [{ constructor: null }] } };
    const body = await read(JSON.stringify({ name: 'n', inner: { text: 't' }, metadata }));
    expect(body).toBeInstanceOf(Body);
    expect(JSON.parse(JSON.stringify(body))).toEqual({ name: 'n', inner: { text: 't' }, metadata });
  });

  it.each([
    ['{"constructor":{"a":1}}', 'constructor'],
    ['{"toString":1}', 'toString'],
    ['{"inner":{"constructor":"x"}}', 'inner.constructor'],
    ['{"name":{"constructor":1}}', 'name.constructor'],
    ['{"unknown":[{"valueOf":1}]}', 'unknown.0.valueOf'],
  ])('%s is refused for its unknown field', async (body, field) => {
    await expect(read(body)).rejects.toMatchObject({
      code: 'invalid_request',
      message: `"${field}" is not a known field.`,
      details: { fields: [{ field }] },
    });
  });

  it('has no list of more than a hundred words', async () => {
    const listOf = (length: number) => read(JSON.stringify({ scopes: Array.from({ length }, () => 'read') }));
    await expect(listOf(100)).resolves.toMatchObject({ scopes: expect.any(Array) });
    await expect(listOf(101)).rejects.toMatchObject({
      message: '"scopes" must be a list of these: read, write; 100 at most.',
    });
  });

  it.each(['a\\u0000b', '\\ud800', '\\udc00x'])('refuses a text with %s, which cannot be stored', async (text) => {
    await expect(read(`{"name":"${text}"}`)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(read('{"name":"😀"}')).resolves.toEqual({ name: '😀' });
  });
});
