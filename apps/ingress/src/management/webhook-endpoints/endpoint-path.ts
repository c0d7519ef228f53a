import { Param } from '@nestjs/common';
import { IdPipe } from '../input/id.pipe';

export const endpointIdParam = () => Param('endpoint_id', new IdPipe('whe', 'webhook_endpoint'));
