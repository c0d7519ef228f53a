import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import type { RulesetDefinition } from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import Ajv2020 from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { EVENT_TYPES, OPERATIONAL_EVENT_TYPES } from '@rollcall/contract';
import { sampleEvent } from '@rollcall/events';
import { asApiDocument } from './document-types';
import type { Answer, ApiDocument, Media, Operation } from './document-types';
import { previewOpenApiDocument } from './preview-openapi-document';

let document: ApiDocument;
let operations: Operation[];
let webhooks: Operation[];

beforeAll(async () => {
  document = asApiDocument(await previewOpenApiDocument('https://rollcall.acme.test'));
  operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  webhooks = Object.values(document.webhooks).map(({ post }) => post);
});

const mediaOf = ({ requestBody, responses }: Operation): Media[] =>
  [requestBody, ...Object.values(responses)].flatMap((body) =>
    body && 'content' in body ? Object.values((body as Answer).content ?? {}) : [],
  );

describe('the OpenAPI document', () => {
  it('passes every recommended rule of Spectral', async () => {
    const linter = new spectral.Spectral();
    // Its own types do not take its own rule set.
    linter.setRuleset({ extends: [[rulesets.oas as RulesetDefinition, 'recommended']] });
    const findings = await linter.run(JSON.stringify(document));
    expect(findings.map(({ code, message, path }) => [code, message, path.join('.')])).toEqual([]);
  });

  it('passes every recommended rule of Redocly', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  it('has an example of everything that is sent and answered, valid by its schema', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'https://rollcall.test/openapi.json', components: document.components });
    const wrong: unknown[] = [];
    for (const operation of [...operations, ...webhooks]) {
      for (const { schema, example } of mediaOf(operation)) {
        const reference = JSON.stringify(schema).replaceAll('"#/', '"https://rollcall.test/openapi.json#/');
        const validate = ajv.compile(JSON.parse(reference) as object);
        if (!validate(example)) wrong.push([operation.operationId, validate.errors, example]);
      }
    }
    expect(wrong).toEqual([]);
    expect(operations.flatMap(mediaOf).length).toBeGreaterThan(operations.length);
  });

  it('says of every operation who may call it and what it answers when it refuses', () => {
    for (const { operationId, description, responses, tags } of operations) {
      expect([operationId, description]).toEqual([operationId, expect.stringMatching(/Takes /)]);
      expect([operationId, Object.keys(responses)]).toEqual([operationId, expect.arrayContaining(['401', '429'])]);
      for (const answer of Object.values(responses)) expect('$ref' in answer || answer.description).toBeTruthy();
      expect(document.tags.map(({ name }) => name)).toEqual(expect.arrayContaining(tags));
    }
  });
});

describe('its webhooks', () => {
  it('are every type of event, each with a schema that the events of that type alone have', () => {
    const types = [...EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES];
    expect(Object.keys(document.webhooks)).toEqual(types);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'https://rollcall.test/openapi.json', components: document.components });
    const context = { id: '0'.repeat(26), environmentId: '0'.repeat(26), occurredAt: new Date(0) };
    for (const type of types) {
      const { $ref } = document.webhooks[type]?.post.requestBody?.content['application/json']?.schema ?? {};
      const validate = ajv.getSchema(`https://rollcall.test/openapi.json${$ref}`);
      const taken = types.filter((other) => validate?.(JSON.parse(sampleEvent(other, context))) === true);
      expect(taken).toEqual([type]);
    }
  });
});
