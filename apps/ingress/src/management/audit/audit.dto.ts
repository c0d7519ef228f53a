import { ApiProperty } from '@nestjs/swagger';
import { AUDIT_ACTIONS, AUDIT_ACTOR_TYPES, AUDIT_TARGET_TYPES } from '@rollcall/contract';
import type { AuditAction, AuditActorType, AuditChanges, AuditTargetType } from '@rollcall/contract';
import { EnumField, field, IdParameter, TimeParameter } from '../input/fields';
import type { FieldOptions } from '../input/fields';
import { PageQuery, UnavailableCells } from '../paging/page-query';

const ANY_ID = /^[A-Za-z0-9_.:~-]{1,200}$/;

/** The id of an actor or object, of whatever kind. */
function AnyIdParameter(options: FieldOptions) {
  return field({
    ...options,
    must: 'must be an id as an entry has it',
    schema: { type: String, pattern: ANY_ID.source },
    isValid: (value) => typeof value === 'string' && ANY_ID.test(value),
  });
}

export class AuditQuery extends PageQuery {
  @IdParameter({ prefix: 'org', description: 'Only what concerns this organization, also one that was deleted.' })
  organization_id?: string;

  @AnyIdParameter({ description: 'Only what this actor did: the id of an API client, a member or a session.' })
  actor_id?: string;

  @EnumField({ values: AUDIT_ACTIONS, description: 'Only this action.' })
  action?: AuditAction;

  @AnyIdParameter({ description: 'Only what was done to this object.' })
  target_id?: string;

  @TimeParameter({ description: 'Inclusive.' })
  from_time?: Date;

  @TimeParameter({ description: 'Inclusive.' })
  to_time?: Date;
}

class AuditActor {
  @ApiProperty({ enum: [...AUDIT_ACTOR_TYPES] })
  type: AuditActorType;

  @ApiProperty({ type: String, nullable: true })
  id: string | null;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;
}

class AuditTarget {
  @ApiProperty({ enum: [...AUDIT_TARGET_TYPES] })
  type: AuditTargetType;

  @ApiProperty({ type: String, nullable: true })
  id: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'As it was called then.' })
  name: string | null;
}

export class AuditEntryItem {
  @ApiProperty({ type: String, example: 'aud_01kag3v2q9x8w7n6m5k4j3h2g1' })
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  occurred_at: string;

  @ApiProperty({
    type: AuditActor,
    description: '`anonymous`: whoever was refused. `operator`: a command on the server.',
  })
  actor: AuditActor;

  @ApiProperty({
    type: String,
    enum: [...AUDIT_ACTIONS],
    description: '`<noun>.<verb>`; a later version may add to them.',
  })
  action: AuditAction;

  @ApiProperty({ type: AuditTarget })
  target: AuditTarget;

  @ApiProperty({ type: String, nullable: true, description: 'Null: it concerns no single organization.' })
  organization_id: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null: not a request.' })
  ip_address: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The `X-Request-Id` of the answer: the one that was sent, or a new one. Also in the server’s log.',
  })
  request_id: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: { from: { nullable: true }, to: { nullable: true } },
      required: ['from', 'to'],
    },
    description: 'What changed, by field. Never a secret; long values are cut.',
    example: { enabled: { from: true, to: false } },
  })
  changes: AuditChanges;
}

export class AuditLogAnswer {
  @ApiProperty({ type: [AuditEntryItem], description: 'Newest first.' })
  entries: AuditEntryItem[];

  @ApiProperty({ type: String, description: 'Empty at the end of the list.' })
  next_page_token: string;

  @UnavailableCells()
  unavailable_cells?: string[];
}
