import { Module } from '@nestjs/common';
import { RefusalRecorder } from './record-refusals';

/** What keeps the refusals of SCIM requests. Whoever imports it gets the one of the process, because it counts. */
@Module({ providers: [RefusalRecorder], exports: [RefusalRecorder] })
export class TrafficModule {}
