import { Param } from '@nestjs/common';
import { IdPipe } from '../input/id.pipe';

export const userIdParam = () => Param('user_id', new IdPipe('diruser', 'user'));
export const groupIdParam = () => Param('group_id', new IdPipe('dirgroup', 'group'));
