-- Stores that hold events when this comes may lack names of attributes: names are kept since version 2, those of values in
-- objects for less long. footfall rebuild adds them all; reading every event here would hold everybody up.
alter table footfall.worker add column names_missing boolean not null default false;
update footfall.worker set names_missing = true where exists (select from footfall.events);
