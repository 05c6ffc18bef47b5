public class V1_3__InCode extends BaseJavaMigration {}
