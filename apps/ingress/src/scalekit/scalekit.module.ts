import { Module } from '@nestjs/common';
import { ManagementModule } from '../management/management.module';
import { DirectoriesService } from './directories.service';
import { EventsService } from './events.service';
import { OrganizationsService } from './organizations.service';
import { RolesService } from './roles.service';

/** Scalekit's gRPC services, for applications that call them with Scalekit's SDK. */
@Module({
  imports: [ManagementModule],
  controllers: [OrganizationsService, DirectoriesService, EventsService, RolesService],
})
export class ScalekitModule {}
