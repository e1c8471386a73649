-- What somebody would make who has only PostgreSQL: one wide table, with the indexes that the questions can use.
-- raw holds the rows of the file, all columns text, as the inbox has them.
create table wide.events as
select to_timestamp(ts::double precision) at time zone 'UTC' as ts,
       seq::bigint                                           as seq,
       event_id,
       type,
       usr_id                                                as user_id,
       usr_name                                              as user_name,
       usr_email                                             as user_email,
       usr_anonymous_id                                      as anonymous_id,
       session_id,
       application_id                                        as application,
       view_url_path                                         as page,
       action_name                                           as action,
       error_type                                            as error,
       error_message,
       action_frustration_type                               as frustration,
       duration::double precision                            as duration,
       geo_country_iso_code                                  as country,
       geo_city                                              as city,
       device_type                                           as device,
       os_name                                               as os,
       browser_name                                          as browser,
       attributes::jsonb ->> 'release'                       as release,
       (attributes::jsonb ->> 'price')::double precision     as price,
       attributes::jsonb ->> 'usr.plan'                      as plan
  from wide.raw
 order by ts, seq;

drop table wide.raw;

create index on wide.events (ts);
create index on wide.events (user_id, ts);
create index on wide.events (session_id, ts, seq);
create index on wide.events (page, ts);
create index on wide.events (action, ts);
