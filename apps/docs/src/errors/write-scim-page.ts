import type { Page } from '../read-page';
import { toAnchor } from '../render-markdown';
import type { Explanation } from './api-errors';
import type { Messages } from './collect-messages';
import { SCIM_STATUSES, SCIM_TYPES } from './scim-errors';
import { escapeMarkdown } from './write-error-page';

/** The page that explains what an identity provider is answered. @param messages every detail that the server has */
export function writeScimPage({ byScimType }: Messages): Page {
  const types = Object.entries(SCIM_TYPES).map(([type, explanation]) =>
    entryOf(type, explanation, byScimType.get(type)),
  );
  const statuses = Object.entries(SCIM_STATUSES).map(([status, explanation]) =>
    entryOf(`status-${status}`, explanation, byScimType.get(status)),
  );
  return {
    slug: 'errors/scim',
    title: 'Errors of SCIM',
    description:
      'What an identity provider is answered when a request is refused: each detail, what it means, and what to do.',
    body: `${INTRODUCTION}\n\n## By scimType\n\n${types.join('\n')}\n\n## By status\n\nWhere there is no \`scimType\`.\n\n${statuses.join('\n')}`,
  };
}

/**
 * The details as the server looks them up when it refuses a request: what stands between the values that they are given, the longest
 * text first, for it says most.
 */
export function listScimDetails({ byScimType }: Messages): { parts: string[]; anchor: string }[] {
  const lengthOf = (detail: string) => detail.replaceAll('…', '').length;
  return [...byScimType.values()]
    .flat()
    .toSorted((one, other) => lengthOf(other) - lengthOf(one))
    .map((detail) => ({ parts: detail.split('…'), anchor: toAnchor(detail) }));
}

/** Each detail is a heading, so that one can be sent to somebody. */
function entryOf(name: string, [meaning, action]: Explanation, details: readonly string[] = []): string {
  const list = details.map((detail) => `#### ${escapeMarkdown(detail)}\n`).join('\n');
  return `### \`${name}\`\n\n${meaning} ${action}\n\n${list}`;
}

const INTRODUCTION = `A refused request is answered as RFC 7644 has it, with \`status\`, mostly a \`scimType\`, and a \`detail\` that says what went wrong and what to do; Okta and Entra show it to their administrators. The header \`Link\` with \`rel="help"\` leads to the place on this page.

Every request of an identity provider, with what it was answered, is in the directory’s request log: in the Admin Portal under **Activity**, in the dashboard, and at \`GET …/directories/{id}/requests\`. Where a detail names an attribute or a number, it is … below.`;
