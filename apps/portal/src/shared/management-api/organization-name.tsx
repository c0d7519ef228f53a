import { queryOptions, useQuery } from '@tanstack/react-query';
import { shownName } from '../format/shown-name';
import { ForeignText } from '../ui/foreign-text';
import { answerOf, api } from './management-api';

/** It stands in many rows, and changes next to never. */
const KEPT_MS = 300_000;

function nameQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['organization-name', organizationId],
    queryFn: async ({ signal }) => {
      const params = { path: { organization_id: organizationId } };
      const { organization } = await answerOf(api.GET('/api/v1/organizations/{organization_id}', { params, signal }));
      return organization.display_name;
    },
    staleTime: KEPT_MS,
    retry: false,
  });
}

/** What an organization is called; its id until that is known, and when it is not there any more. */
export function OrganizationName({ id }: { id: string }) {
  const { data } = useQuery(nameQuery(id));
  return data === undefined ? <code>{id}</code> : <ForeignText text={shownName(data, id)} />;
}
