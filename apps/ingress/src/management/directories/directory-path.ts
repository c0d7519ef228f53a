import { Param } from '@nestjs/common';
import { IdPipe } from '../input/id.pipe';

/** Where what is in a directory lives. */
export const DIRECTORY_PATH = '/organizations/:organization_id/directories/:directory_id';

/** A directory's id before an action such as `:enable`: the router must not take the action for a part of the id. */
export const ACTION_PARAMETER = ':directory_id(^[^/:]+)';

export const organizationIdParam = () => Param('organization_id', new IdPipe('org', 'organization'));
export const directoryIdParam = () => Param('directory_id', new IdPipe('dir', 'directory'));
