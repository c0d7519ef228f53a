import { groupResourceType, userResourceType } from '@rollcall/scim';

/** The resource types that are served. */
export const resourceTypes = [userResourceType, groupResourceType];
