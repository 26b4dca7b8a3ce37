-- The reconciliation database. Safe to apply again: it only adds what is missing.
-- Roles have no password here, so with scram authentication nobody can log in until one is set.

do $$
begin
    if not exists (select from pg_roles where rolname = 'reconciliation_app') then
        create role reconciliation_app login;
    end if;
    if not exists (select from pg_roles where rolname = 'dashboard_reader') then
        create role dashboard_reader login;
    end if;
    if not exists (select from pg_roles where rolname = 'exporter') then
        create role exporter login;
    end if;
    execute format('grant connect on database %I to reconciliation_app, dashboard_reader, exporter', current_database());
    execute format('revoke temporary on database %I from public', current_database());
end
$$;

create extension if not exists pg_stat_statements;

-- The dashboard only ever reads; the settings make a mistake harmless, the missing grants make it impossible.
alter role dashboard_reader set default_transaction_read_only = on;
alter role dashboard_reader set statement_timeout = '10s';
alter role dashboard_reader set idle_in_transaction_session_timeout = '30s';
alter role dashboard_reader connection limit 20;

grant pg_monitor to exporter;
alter role exporter set statement_timeout = '10s';
alter role exporter connection limit 5;

grant usage, create on schema public to reconciliation_app;
grant usage on schema public to dashboard_reader, exporter;

-- What the service books ('internal') and what its partners report ('partner'); the reference joins the two.
create table if not exists ledger_entries (
    id        bigserial primary key,
    ledger    text not null check (ledger in ('internal', 'partner')),
    reference text not null,
    amount    numeric(18, 2) not null,
    currency  text not null check (currency ~ '^[A-Z]{3}$'),
    booked_at timestamptz not null
);
create unique index if not exists ledger_entries_reference on ledger_entries (ledger, reference);
create index if not exists ledger_entries_booked_at on ledger_entries (ledger, booked_at);

-- One comparison of the two ledgers over the slice [slice_from, slice_to).
create table if not exists reconciliation_runs (
    id             bigserial primary key,
    started_at     timestamptz not null,
    finished_at    timestamptz not null,
    status         text not null check (status in ('completed', 'failed')),
    internal_count integer not null,
    matched        integer not null,
    mismatched     integer not null,
    missing        integer not null,
    slice_from     timestamptz not null,
    slice_to       timestamptz not null,
    check (slice_from <= slice_to),
    check (matched + mismatched + missing = internal_count)
);
create index if not exists reconciliation_runs_started_at on reconciliation_runs (started_at);
create index if not exists reconciliation_runs_finished_at on reconciliation_runs (finished_at);

-- Kept once for each reference and kind, however often a run finds it again.
create table if not exists discrepancies (
    id              bigserial primary key,
    run_id          bigint not null references reconciliation_runs (id),
    reference       text not null,
    kind            text not null check (kind in ('mismatched', 'missing')),
    internal_amount numeric(18, 2) not null,
    partner_amount  numeric(18, 2),
    found_at        timestamptz not null,
    resolved_at     timestamptz
);
create unique index if not exists discrepancies_reference on discrepancies (reference, kind);
create index if not exists discrepancies_found_at on discrepancies (found_at);
create index if not exists discrepancies_run on discrepancies (run_id);

create table if not exists tasks (
    id           bigserial primary key,
    kind         text not null,
    created_at   timestamptz not null,
    due_at       timestamptz not null,
    completed_at timestamptz,
    status       text not null check (status in ('open', 'completed', 'failed'))
);
create index if not exists tasks_created_at on tasks (created_at);
create index if not exists tasks_open on tasks (due_at) where status = 'open';

create table if not exists feedback (
    id       bigserial primary key,
    score    smallint not null check (score between 1 and 5),
    comment  text,
    given_at timestamptz not null
);
create index if not exists feedback_given_at on feedback (given_at);

do $$
declare
    name text;
begin
    foreach name in array array['ledger_entries', 'reconciliation_runs', 'discrepancies', 'tasks', 'feedback'] loop
        execute format('alter table %I owner to reconciliation_app', name);
        execute format('grant select on %I to dashboard_reader', name);
    end loop;
end
$$;
