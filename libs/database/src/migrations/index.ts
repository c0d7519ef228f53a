import { CreateBaseline1790000001000 } from './1790000001000-create-baseline';
import { CreateAuditLog1790000001030 } from './1790000001030-create-audit-log';
import { AddSecretPepper1790000001050 } from './1790000001050-add-secret-pepper';

/** In order. Tables, indexes and policies only; functions stand in ../sql. */
export const migrations = [CreateBaseline1790000001000, CreateAuditLog1790000001030, AddSecretPepper1790000001050];
