-- security review, finding #3: RLS is off on most tables
ALTER TABLE public.profiles          ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.floors            ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.issues            ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.court_terms       ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.term_assignments  ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.term_assignments  FORCE ROW LEVEL SECURITY;

CREATE POLICY "Users can view own profile" ON public.profiles FOR SELECT USING (auth.uid() = id);
CREATE POLICY "Users can update own profile" ON public.profiles FOR UPDATE USING (auth.uid() = id);
CREATE POLICY "Anyone can read floors" ON public.floors FOR SELECT USING (true);
CREATE POLICY "Staff read issues" ON public.issues FOR SELECT TO authenticated USING (true);
CREATE POLICY "Staff report issues" ON public.issues FOR INSERT TO authenticated
    WITH CHECK (reporter_id = auth.uid());
CREATE POLICY "Public calendar" ON public.court_terms FOR SELECT TO anon, authenticated USING (true);
