import { All, Controller } from '@nestjs/common';
import { ScimError } from '@rollcall/scim';

/** Every address below another version than v2: 400 `invalidVers` (RFC 7644 §3.12, §3.13). */
@Controller('scim/:key/:version(v[013-9]|v[\\d.][\\d.]+)')
export class VersionController {
  @All()
  refuseBase(): never {
    throw unsupportedVersion();
  }

  @All('*')
  refusePath(): never {
    throw unsupportedVersion();
  }
}

function unsupportedVersion(): ScimError {
  return new ScimError(
    400,
    'invalidVers',
    'Only SCIM 2.0 is spoken here. Copy the base URL from the setup page again; it ends with /v2.',
  );
}
