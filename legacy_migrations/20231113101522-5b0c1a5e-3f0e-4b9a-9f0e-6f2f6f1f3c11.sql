create table "public"."rooms" (
    "id" uuid not null default gen_random_uuid(),
    "building_id" uuid not null,
    "floor_id" uuid not null,
    "number" text not null,
    "kind" text not null default 'office'::text,
    "capacity" integer,
    "created_at" timestamp with time zone not null default now(),
    "updated_at" timestamp with time zone not null default now()
);

CREATE UNIQUE INDEX rooms_pkey ON public.rooms USING btree (id);

alter table "public"."rooms" add constraint "rooms_pkey" PRIMARY KEY using index "rooms_pkey";

alter table "public"."rooms" add constraint "rooms_building_id_fkey" FOREIGN KEY (building_id) REFERENCES buildings(id) ON DELETE CASCADE;

alter table "public"."rooms" add constraint "rooms_floor_id_fkey" FOREIGN KEY (floor_id) REFERENCES floors(id);
