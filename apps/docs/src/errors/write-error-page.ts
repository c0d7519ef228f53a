import { API_ERROR_CODES } from '@rollcall/contract';
import type { Page } from '../read-page';
import { CALLER, INPUT, MISSING, PRESENT, REQUEST, SERVER, TOKEN_ERRORS } from './api-errors';
import type { Messages } from './collect-messages';
import { DASHBOARD_ERRORS, PORTAL_ERRORS } from './page-errors';

const GROUPS: readonly [title: string, errors: Readonly<Record<string, readonly string[]>>][] = [
  ['Who calls', CALLER],
  ['What was sent', INPUT],
  ['What is there already', PRESENT],
  ['What is not there', MISSING],
  ['The HTTP request', REQUEST],
  ['The server', SERVER],
  ['The token endpoint', TOKEN_ERRORS],
  ['The Admin Portal', PORTAL_ERRORS],
  ['The dashboard', DASHBOARD_ERRORS],
];

/** The page that explains every code of the APIs. @param messages what the server says with them */
export function writeErrorPage({ byCode }: Messages): Page {
  const sections = GROUPS.map(([title, errors]) => {
    const entries = Object.entries(errors).map(([code, [meaning = '', action = '']]) => {
      return `### \`${code}\`\n\n${meaning} ${action}\n${listMessages(byCode.get(code) ?? [])}`;
    });
    return `## ${title}\n\n${entries.join('\n')}`;
  });
  return {
    slug: 'errors',
    title: 'Errors of the API',
    description:
      'Every code in an error of the management API, the token endpoint and the pages: what it means, and what to do.',
    body: `${INTRODUCTION}\n\n${sections.join('\n\n')}`,
  };
}

/** The messages of an error as a list in Markdown; nothing when there are none. */
function listMessages(messages: readonly string[]): string {
  if (messages.length === 0) return '';
  return `\nIt says:\n\n${messages.map((text) => `- ${escapeMarkdown(text)}`).join('\n')}\n`;
}

/** A text in which Markdown has nothing to read. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|]/g, String.raw`\$&`);
}

const INTRODUCTION = `An error is \`{"error": {"code", "message", "details", "request_id", "documentation_url"}}\`: \`code\` is stable and for programs, \`message\` says what is wrong and what to do and may change, \`details\` is there where there is more to say, \`documentation_url\` leads to the code on this page, and so does the header \`Link\` with \`rel="help"\`. By \`request_id\` the operator finds the request in the log.

There are ${API_ERROR_CODES.length} codes of the management API today; a later version may add to them. Treat one that you do not know by its status: 4xx is for you to correct, 429 and 503 pass by themselves. Errors of SCIM have [a page of their own](/docs/errors/scim).`;
