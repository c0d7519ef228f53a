import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { readOverview } from '@rollcall/management';
import { LongRead } from '../../http/take-turn.interceptor';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { ManagementController } from '../management-controller';
import { OverviewAnswer, OverviewQuery } from './overview.dto';
import { renderOverview } from './render-overview';

@ManagementController('Overview')
export class OverviewController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get('overview')
  @Access('read', 'refused')
  @LongRead()
  @ApiOperation({
    operationId: 'getOverview',
    summary: 'See how the environment fares',
    description:
      'Traffic is counted by the workers while it happens and told a few seconds late; a worker that is killed forgets its last seconds. It is for people to look at, and no record: that is what events, deliveries and the audit log are.',
  })
  @ApiResponse({ status: 200, type: OverviewAnswer })
  async get(
    @EnvironmentId() environmentId: string,
    @Query() { period = 'day' }: OverviewQuery,
  ): Promise<OverviewAnswer> {
    return renderOverview(await readOverview(this.dataSource, environmentId, period), period);
  }
}
