import type { RulesImpact } from '@rollcall/management';
import type { DryRunAnswer } from './rules.dto';

/** The answer to a dry run. Each user who would change gives one event. */
export function renderImpact({ usersAffected, usersExamined, complete, sample }: RulesImpact): DryRunAnswer {
  return {
    users_affected: usersAffected,
    events: usersAffected,
    users_examined: usersExamined,
    complete,
    sample: sample.map(({ data: { id, email, roles, custom_attributes }, previousAttributes }) => ({
      id,
      email,
      roles,
      custom_attributes,
      previous_attributes: previousAttributes,
    })),
  };
}
