import { describe, expect, it } from 'vitest';
import { defineResourceType } from './define-resource-type';
import type { AttributeDefinition, ResourceTypeDefinition } from './schema';

const text = (name: string): AttributeDefinition => ({ name, type: 'string', description: name });

function define(attributes: AttributeDefinition[], extensions: ResourceTypeDefinition['extensions'] = []) {
  const schema = { id: 'urn:x:2.0:Thing', name: 'Thing', description: 'Thing', attributes };
  return defineResourceType({ name: 'Thing', endpoint: '/Things', description: 'Thing', schema, extensions });
}

const extension = (id: string, ...names: string[]) => ({
  required: false,
  schema: { id, name: id, description: id, attributes: names.map(text) },
});

describe('defineResourceType', () => {
  it('refuses a name twice, also in another case or as a common attribute', () => {
    expect(() => define([text('label'), text('Label')])).toThrow(TypeError);
    expect(() => define([text('externalId')])).toThrow(TypeError);
  });

  it('refuses a complex attribute inside a complex one', () => {
    const inner: AttributeDefinition = {
      name: 'inner',
      type: 'complex',
      description: 'inner',
      subAttributes: [text('a')],
    };
    expect(() => define([{ ...inner, name: 'outer', subAttributes: [inner] }])).toThrow(TypeError);
  });

  it('finds a bare name in the one extension that has it, the core schema first', () => {
    const type = define(
      [text('label')],
      [extension('urn:a:2.0:Thing', 'label', 'shared', 'own'), extension('urn:b:2.0:Thing', 'shared')],
    );
    expect(type.paths.get('label')).toMatchObject({ container: null, implied: false });
    expect(type.paths.get('own')).toMatchObject({ container: 'urn:a:2.0:Thing', implied: true });
    expect(type.paths.get('shared')).toBeUndefined();
  });
});
