import { t } from '@lingui/core/macro';
import type { ApiErrorCode, PortalErrorCode } from '@rollcall/contract';
import { theVendor } from '../branding/app-name';
import { lookUp } from '../format/look-up';
import type { PortalError } from './portal-error';
import type { ErrorDescription } from './surface';

/** What was wrong with a request, in the reader's language: by its code, else by the field that was refused, else that it was. */
export function describeRefusal({ code, details }: PortalError): ErrorDescription {
  const byField = readFields(details).map((field) => lookUp(BY_FIELD, field));
  const describe = lookUp(BY_CODE, code) ?? byField.find((known) => known !== undefined) ?? refused;
  return describe();
}

const BY_CODE = {
  duplicate_assignment: () => ({
    title: t`A group is assigned the same role twice`,
    advice: t`Remove one of the two, then save again.`,
  }),
  duplicate_mapping: () => ({
    title: t`Two mappings give the same custom attribute`,
    advice: t`Give one of them another name, then save again.`,
  }),
  foreign_origin: () => ({
    title: t`The portal takes changes only from its own pages`,
    advice: t`Open the portal in a tab of its own, then try again.`,
  }),
  invalid_page_token: () => ({
    title: t`This page of the list does not exist any more`,
    advice: t`Go back to the first page of the list.`,
  }),
  request_timeout: () => ({
    title: t`The request took too long to reach the server`,
    advice: t`Check your connection, then try again.`,
  }),
  too_large: () => ({
    title: t`This is more than the server takes at once`,
    advice: t`Make a smaller change, then try again.`,
  }),
  unknown_group: () => ({
    title: t`One of these groups does not exist any more`,
    advice: t`Reload the page and choose another one.`,
  }),
  unknown_role: () => ({
    title: t`One of these roles does not exist any more`,
    advice: t`Reload the page and choose another one.`,
  }),
} satisfies Partial<Record<ApiErrorCode | PortalErrorCode, () => ErrorDescription>>;

/** What is told here by its code. */
export type RefusalCode = keyof typeof BY_CODE;

const wrongPath = (): ErrorDescription => ({
  title: t`One of the paths is no SCIM attribute path`,
  advice: t`Write it like ${{ example: 'name.givenName' }} or ${{ filtered: 'emails[type eq "work"].value' }}, then try again.`,
});

/** By the last part of the path: `map_to` of `attributes.0.map_to`. */
const BY_FIELD: Record<string, () => ErrorDescription> = {
  default: () => ({
    title: t`One of the default values cannot be used`,
    advice: t`Give a text of at most 500 characters, a number, true or false.`,
  }),
  email: () => ({
    title: t`This is no e-mail address`,
    advice: t`Give one address, such as ${{ example: 'ann@example.com' }}.`,
  }),
  fallback_keys: wrongPath,
  key: wrongPath,
  map_to: () => ({
    title: t`One of the names for a custom attribute cannot be used`,
    advice: t`Give a name of 1 to 100 characters, other than ${{ reserved: '__proto__, constructor, prototype' }}.`,
  }),
  name: () => ({
    title: t`This name cannot be used`,
    advice: t`Give a shorter one, in one line and without control characters.`,
  }),
};

const refused = (): ErrorDescription => ({
  title: t`The server did not accept this`,
  advice: t`Reload the page and try again. If it keeps happening, tell ${{ vendor: theVendor() }}.`,
});

/** The fields that were refused, without what they are in. */
function readFields(details: unknown): string[] {
  const { fields } = (details ?? {}) as { fields?: { field: string }[] };
  return fields?.map(({ field }) => field.split('.').at(-1) ?? field) ?? [];
}
