import { useEffect } from 'react';
import type { Directory } from '@rollcall/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useParams } from 'react-router';
import { putInto, watchLive, type LiveSource } from '../shared/api/live';
import { environmentOfAddress } from '../shared/management-api/environment-address';
import { directoriesOfQuery, organizationQuery } from '../features/organizations/organization-queries';

interface DirectoryList {
  directories: Directory[];
  total_size: number;
}

/** Around the pages of one organization: the server tells them how its directories are. */
export function WatchOrganization() {
  const { organizationId = '' } = useParams();
  const client = useQueryClient();
  useEffect(() => watchLive(client, dashboardLive(organizationId)), [client, organizationId]);
  return <Outlet />;
}

function dashboardLive(organizationId: string): LiveSource<DirectoryList> {
  const named = new URLSearchParams({
    environment: environmentOfAddress(location.pathname) ?? '',
    organization: organizationId,
  });
  return {
    address: `/dashboard/api/live?${named.toString()}`,
    aboutKey: organizationQuery(organizationId).queryKey,
    listKey: directoriesOfQuery(organizationId).queryKey,
    put: (list, directory) => {
      const directories = putInto(list.directories, directory);
      return { directories, total_size: list.total_size + directories.length - list.directories.length };
    },
  };
}
