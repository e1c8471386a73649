-- A definition says its time zone. Stored members have been computed in UTC so far.
update footfall.segments
   set definition = definition || '{"timeZone": "UTC"}'
 where definition is not null and not definition ? 'timeZone';
