"""Repro: seed rollbacks delete rows that are not (or no longer) the history's."""
from __future__ import annotations
import psycopg, pytest
from consolidate.prove import rollback_of
from tests.sample_build import MAJORS, Sample

@pytest.mark.parametrize(("seed", "change", "query"), [
    ("seed/03_sample_rooms.sql",
     "INSERT INTO public.rooms (building_id, floor_id, room_number) SELECT building_id, id, 'S-1' FROM public.floors LIMIT 1",
     "SELECT count(*) FROM public.rooms WHERE room_number = 'S-1'"),
    ("seed/01_reference_data.sql",
     "UPDATE public.room_types SET description = 'what the users wrote' WHERE id = 1",
     "SELECT count(*) FROM public.room_types WHERE description = 'what the users wrote'"),
])
def test_seed(sample: Sample, seed: str, change: str, query: str) -> None:
    with sample.output(MAJORS[0]).copy() as copy:
        n = sample.files.index(seed)
        for path in reversed(sample.files[n + 1:]):
            copy.apply(sample.tree[rollback_of(path)])
        copy.apply(change)
        try:
            copy.apply(sample.tree[rollback_of(seed)])
            print("applied")
        except psycopg.Error as e: print("refused", e)
        assert copy.answers(query) == ["1"]
