import { Module } from '@nestjs/common';
import { MemberSessions } from './member-sessions';

/** Who a request of the dashboard's pages is from: for its own API, and for the management API, which its pages call too. */
@Module({ providers: [MemberSessions], exports: [MemberSessions] })
export class MemberSessionsModule {}
