export { createTestEvent } from './test-kit/create-test-event';
export type { EventOfType } from './test-kit/create-test-event';
export { signTestWebhook, TEST_SECRET } from './test-kit/sign-test-webhook';
export type { TestWebhook } from './test-kit/sign-test-webhook';
export { TestDirectory } from './test-kit/test-directory';
export type { TestDirectoryOptions, TestGroup, TestUser } from './test-kit/test-directory';
