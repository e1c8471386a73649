import { useResource } from '../../api/useResource';
import { type Segment } from '../../query/types.gen';

export const segmentPath = (id: string) => `segments/${encodeURIComponent(id)}`;

export const useSegment = (datasource: string, id: string | undefined) =>
  useResource<Segment>(datasource, id === undefined ? undefined : segmentPath(id));
