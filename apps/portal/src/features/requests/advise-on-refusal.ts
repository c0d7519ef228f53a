import { t } from '@lingui/core/macro';
import type { ScimRequest } from '@rollcall/sdk';
import { lookUp } from '../../shared/format/look-up';

/** Why a request went wrong, and what can be done about it. */
interface RefusalAdvice {
  cause: string;
  remedy: string;
}

type Refused = Pick<ScimRequest, 'status' | 'scim_type' | 'path' | 'outcome'>;

/** In words for whoever looks after the identity provider; null for a request that went through. */
export function adviseOnRefusal(request: Refused, provider: string): RefusalAdvice | null {
  if (request.outcome !== 'refused' && request.outcome !== 'failed') return null;
  const byType = request.scim_type === null ? undefined : lookUp(BY_TYPE, request.scim_type);
  return (byType ?? BY_STATUS[request.status] ?? unknownRefusal)(provider, /^\/groups/i.test(request.path));
}

type Advise = (provider: string, isGroup: boolean) => RefusalAdvice;

/** By the keyword of RFC 7644 §3.12. */
const BY_TYPE: Partial<Record<string, Advise>> = {
  uniqueness: (provider, isGroup) =>
    isGroup
      ? {
          cause: t`There is a group with this name already.`,
          remedy: t`Link to the existing group in ${provider} instead of creating another one, or rename one of the two.`,
        }
      : {
          cause: t`There is a user with this user name already.`,
          remedy: t`In ${provider}, find out who else has this user name. If it is the same person, import or link the existing user; if not, give one of them another user name, and assign the person again.`,
        },
  invalidValue: (provider) => ({
    cause: t`A value is missing, or is none that the attribute can have.`,
    remedy: t`Look at the answer below for the attribute, and correct its mapping in ${provider}.`,
  }),
  invalidPath: (provider) => ({
    cause: t`The request names an attribute that does not exist.`,
    remedy: t`Correct the external name of the attribute in the mappings of ${provider}.`,
  }),
  invalidFilter: (provider) => ({
    cause: t`The search could not be understood.`,
    remedy: t`Check which attribute ${provider} matches users by. User name, email and external ID always work.`,
  }),
  invalidSyntax: (provider) => ({
    cause: t`The message is not well-formed.`,
    remedy: t`This is for the makers of ${provider}, or of whatever sends the requests. Pass them the answer below.`,
  }),
  noTarget: (provider) => ({
    cause: t`The value that should be changed is not there.`,
    remedy: t`Let ${provider} send the whole user again, by a forced sync or by assigning it anew.`,
  }),
  mutability: (provider) => ({
    cause: t`The attribute cannot be changed once it is set.`,
    remedy: t`Take it out of the mappings for updates in ${provider}.`,
  }),
  tooMany: (provider) => ({
    cause: t`The request asks for more than one request may.`,
    remedy: t`Nothing is lost: ${provider} can ask for less at a time. If it does not, pass its makers the answer below.`,
  }),
  sensitive: (provider) => ({
    cause: t`The attribute is never disclosed.`,
    remedy: t`Do not let ${provider} search by it.`,
  }),
};

const BY_STATUS: Partial<Record<number, Advise>> = {
  401: (provider) => ({
    cause: t`The token was expired or revoked when the request came.`,
    remedy: t`Generate a new token on the Configuration page, and save it in ${provider}.`,
  }),
  403: (provider) => ({
    cause: t`The directory was disabled, or Directory Sync was switched off.`,
    remedy: t`When it is enabled again, let ${provider} retry its failed tasks.`,
  }),
  404: (provider, isGroup) =>
    isGroup
      ? {
          cause: t`This directory has no such group. It may have been deleted.`,
          remedy: t`Let ${provider} forget the link: unassign the group, and assign it again.`,
        }
      : {
          cause: t`This directory has no such user. It may have been deleted.`,
          remedy: t`Let ${provider} forget the link: unassign the person, and assign it again.`,
        },
  409: (provider) => ({
    cause: t`It contradicts what is there.`,
    remedy: t`Look at the answer below, and correct it in ${provider}.`,
  }),
  412: (provider) => ({
    cause: t`Something else had changed the user or group since it was read.`,
    remedy: t`${provider} reads it again and repeats the change by itself. If not, let it retry.`,
  }),
  413: (provider) => ({
    cause: t`The request is too large.`,
    remedy: t`Push large groups in parts, or fewer attributes at a time, if ${provider} lets you.`,
  }),
  429: (provider) => ({
    cause: t`Too many requests came at once.`,
    remedy: t`Nothing to do: ${provider} sends it again a little later.`,
  }),
  500: (provider) => ({
    cause: t`Something went wrong on this side.`,
    remedy: t`The request was not carried out. ${provider} tries again; if it stays, tell the people who run the app.`,
  }),
  503: (provider) => ({
    cause: t`The server had no room for the request at that moment.`,
    remedy: t`Nothing to do: ${provider} sends it again a little later.`,
  }),
};

const unknownRefusal: Advise = (provider) => ({
  cause: t`The request could not be carried out.`,
  remedy: t`Look at the answer below, and correct it in ${provider}.`,
});
