import { Global, Module } from '@nestjs/common';
import { RateLimits } from './rate-limits';

/** The rate limits of the process, injectable everywhere. */
@Global()
@Module({ providers: [RateLimits], exports: [RateLimits] })
export class LimitsModule {}
