import { describe, expect, it } from 'vitest';
import {
  EVENT_TYPES,
  isEventType,
  isOperationalEventType,
  objectOf,
  OPERATIONAL_EVENT_TYPES,
} from '@rollcall/contract';
import type { EventToRender } from './render-event';
import { EVENT_SIZE_LIMIT, renderEvent } from './render-event';

const event: EventToRender = {
  id: '01kahx0000000000000000v001',
  type: 'organization.directory.user_updated',
  environmentId: '01kahx0000000000000000e001',
  organizationId: '01kahx0000000000000000r001',
  directoryId: '01kahx0000000000000000d001',
  sequence: 42,
  epoch: 2,
  occurredAt: new Date('2026-11-21T10:20:17.072Z'),
  data: { id: 'diruser_x' },
  previousAttributes: { title: null },
};

function render(overrides: Partial<EventToRender>) {
  const body = renderEvent({ ...event, ...overrides });
  return { body, bytes: Buffer.byteLength(body), json: JSON.parse(body) as Record<string, Record<string, unknown>> };
}

describe('renderEvent', () => {
  it('renders the envelope as compact JSON in the order of the contract', () => {
    expect(renderEvent(event)).toBe(
      '{"spec_version":"1","id":"evt_01kahx0000000000000000v001","type":"organization.directory.user_updated",' +
        '"object":"DirectoryUser","environment_id":"env_01kahx0000000000000000e001",' +
        '"organization_id":"org_01kahx0000000000000000r001","directory_id":"dir_01kahx0000000000000000d001",' +
        '"sequence":42,"epoch":2,"occurred_at":"2026-11-21T10:20:17.072Z","data":{"id":"diruser_x"},' +
        '"previous_attributes":{"title":null}}',
    );
  });

  it('leaves previous_attributes out where there are none to tell', () => {
    expect(render({ previousAttributes: undefined }).json).not.toHaveProperty('previous_attributes');
    expect(render({ previousAttributes: {} }).json).toHaveProperty('previous_attributes', {});
  });

  it('renders an operational event with null where it belongs to no directory', () => {
    const { json } = render({ type: 'endpoint.disabled', sequence: null, organizationId: null, directoryId: null });
    expect(json).toMatchObject({
      object: 'WebhookEndpoint',
      sequence: null,
      organization_id: null,
      directory_id: null,
    });
  });

  it('omits raw_attributes above the limit, counted in bytes, and not at it', () => {
    const frame = render({ data: { id: 'u', raw_attributes: { note: '' } } }).bytes;
    const umlauts = (EVENT_SIZE_LIMIT - frame) / 2;
    const note = 'ü'.repeat(Math.floor(umlauts)) + (Number.isInteger(umlauts) ? '' : 'x');
    const fits = render({ data: { id: 'u', raw_attributes: { note } } });
    expect(fits.bytes).toBe(EVENT_SIZE_LIMIT);
    expect(fits.json['data']).toEqual({ id: 'u', raw_attributes: { note } });
    const above = render({ data: { id: 'u', raw_attributes: { note: `${note}x` } } });
    expect(above.json['data']).toEqual({ id: 'u', raw_attributes: null, raw_attributes_omitted: true });
  });

  it("omits the group's raw_attributes in group_members_changed above the limit", () => {
    const group = { id: 'g', raw_attributes: { note: 'x'.repeat(EVENT_SIZE_LIMIT) } };
    const { json, bytes } = render({
      type: 'organization.directory.group_members_changed',
      data: { group, added: [], removed: [] },
    });
    expect(bytes).toBeLessThan(1000);
    expect(json['data']?.['group']).toEqual({ id: 'g', raw_attributes: null, raw_attributes_omitted: true });
  });
});

describe('the event catalogue', () => {
  it('names the object of each type', () => {
    expect(Object.fromEntries(EVENT_TYPES.map((type) => [type, objectOf(type)]))).toEqual({
      'organization.directory_created': 'Directory',
      'organization.directory_enabled': 'Directory',
      'organization.directory_disabled': 'Directory',
      'organization.directory_deleted': 'Directory',
      'organization.directory.user_created': 'DirectoryUser',
      'organization.directory.user_updated': 'DirectoryUser',
      'organization.directory.user_deleted': 'DirectoryUser',
      'organization.directory.group_created': 'DirectoryGroup',
      'organization.directory.group_updated': 'DirectoryGroup',
      'organization.directory.group_deleted': 'DirectoryGroup',
      'organization.directory.group_members_changed': 'DirectoryGroup',
    });
  });

  it('tells operational types from those of the stream, and neither from inherited names', () => {
    expect(OPERATIONAL_EVENT_TYPES.every((type) => isOperationalEventType(type) && !isEventType(type))).toBe(true);
    expect(['toString', 'constructor', ''].some((text) => isEventType(text) || isOperationalEventType(text))).toBe(
      false,
    );
  });
});
