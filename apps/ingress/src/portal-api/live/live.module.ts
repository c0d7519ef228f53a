import { Module } from '@nestjs/common';
import { LiveHub } from './live-hub';

/** The one hub of a process: pages of the portal and of the dashboard share what is read of an organization. */
@Module({ providers: [LiveHub], exports: [LiveHub] })
export class LiveModule {}
