import { Module } from '@nestjs/common';
import { SignInRecorder } from './record-sign-ins';

/** What tells the audit log of sign-ins, for every surface. Whoever imports it gets the one of the process, because it counts. */
@Module({ providers: [SignInRecorder], exports: [SignInRecorder] })
export class SignInModule {}
