/**
 * What came of a SCIM request: `refused` with a status of 4xx, `failed` with 5xx; a write that went through `changed` something or,
 * since all was so already, left it `unchanged`; anything else is `read`.
 */
export const REQUEST_OUTCOMES = ['changed', 'unchanged', 'read', 'refused', 'failed'] as const;
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number];

/**
 * What has become of what a SCIM request changed: `nothing` was changed; it is `pending`, `set_aside` because it could not be made an
 * event of, or `held` by the deprovision guard; it is `published` as events; or `no_event`: nothing of it is told to the application.
 */
export const REQUEST_PUBLICATIONS = ['nothing', 'pending', 'set_aside', 'held', 'published', 'no_event'] as const;
export type RequestPublication = (typeof REQUEST_PUBLICATIONS)[number];

/**
 * Why somebody is or is not in a directory: `present`, also `inactive`; `held`: the provider deleted the user, and the deprovision guard
 * holds that back; `deleted` by the provider; `refused`: requests about the name went wrong; `looked_up`: the provider asked for the
 * name and sent nobody; `never_sent`: nothing that is kept names it.
 */
export const PERSON_VERDICTS = [
  'present',
  'inactive',
  'held',
  'deleted',
  'refused',
  'looked_up',
  'never_sent',
] as const;
export type PersonVerdict = (typeof PERSON_VERDICTS)[number];
